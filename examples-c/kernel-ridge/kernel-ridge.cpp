// kernel-ridge.cpp - an Attune plugin in C++17: kernel ridge regression on real data, by attune_plugin.hpp.
//
// The objective is the root mean squared error over k folds of the diabetes table. Mistakes are exceptions: a missing
// table or a bad configuration leaves the constructor, and a kernel matrix that is not positive definite (the sigmoid
// kernel makes such) leaves evaluate, as the failure of that trial alone.
//
// Thread-safe: the instance is read-only after its constructor; each evaluation has its own matrices.
#include "../data/table.h"

#include <attune_plugin.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace {

// One fold: inner products of its standardized rows, those of training first.
struct Fold {
  std::size_t train = 0, rows = 0;
  std::vector<double> products;  // rows x rows
  std::vector<double> target;

  double product(std::size_t i, std::size_t j) const { return products[i * rows + j]; }
};

// A kernel of two rows, by their inner products.
struct Kernel {
  enum class Form { linear, polynomial, rbf, sigmoid } form;
  double gamma;
  int degree;

  explicit Kernel(const attune::Parameters &params)
      : form(form_of(params.text("kernel"))),
        gamma(params.number("gamma", 0.0)),
        degree(static_cast<int>(params.integer("degree", 1))) {}

  double operator()(const Fold &fold, std::size_t i, std::size_t j) const {
    double product = fold.product(i, j);
    switch (form) {
      case Form::linear: return product;
      case Form::polynomial: return std::pow(gamma * product + 1, degree);
      case Form::sigmoid: return std::tanh(gamma * product + 1);
      case Form::rbf: break;
    }
    return std::exp(-gamma * (fold.product(i, i) + fold.product(j, j) - 2 * product));
  }

 private:
  static Form form_of(std::string_view name) {
    if (name == "linear") return Form::linear;
    if (name == "polynomial") return Form::polynomial;
    if (name == "rbf") return Form::rbf;
    return Form::sigmoid;
  }
};

// Solves A x = b in place by Cholesky's factorization; A is n x n, its lower triangle is used and overwritten.
void solve(std::vector<double> &a, std::vector<double> &x) {
  const std::size_t n = x.size();
  for (std::size_t i = 0; i < n; i++) {
    double *row = &a[i * n];
    for (std::size_t j = 0; j <= i; j++) {
      const double *other = &a[j * n];
      double sum = row[j];
      for (std::size_t k = 0; k < j; k++) sum -= row[k] * other[k];
      row[j] = j < i ? sum / other[j] : sum;
    }
    if (!(row[i] > 0)) {
      throw std::domain_error("the kernel matrix is not positive definite (pivot " + std::to_string(row[i]) +
                              " in row " + std::to_string(i) + "): alpha is too small for this kernel");
    }
    row[i] = std::sqrt(row[i]);
    double sum = x[i];
    for (std::size_t k = 0; k < i; k++) sum -= row[k] * x[k];
    x[i] = sum / row[i];
  }
  for (std::size_t i = n; i-- > 0;) {
    x[i] /= a[i * n + i];
    for (std::size_t k = 0; k < i; k++) x[k] -= a[i * n + k] * x[i];
  }
}

class KernelRidge {
 public:
  static attune::Description description() {
    attune::Description d;
    d.id = "org.attune.examples.kernel-ridge";
    d.name = "Kernel ridge regression, cross-validated error";
    d.version = "1.0.0";
    d.description = "Root mean squared error of kernel ridge regression over k folds; smaller is better";
    d.space = R"({
      "kernel": {"type": "categorical", "choices": ["linear", "polynomial", "rbf", "sigmoid"]},
      "alpha": {"type": "float", "low": 1e-4, "high": 1000, "log": true},
      "gamma": {"type": "float", "low": 1e-4, "high": 1, "log": true,
                "when": {"kernel": ["polynomial", "rbf", "sigmoid"]}},
      "degree": {"type": "int", "low": 2, "high": 4, "when": {"kernel": ["polynomial"]}}})";
    d.config_schema = R"({"type": "object", "additionalProperties": false, "properties": {
      "data": {"type": "string", "default": "diabetes.csv"},
      "folds": {"type": "integer", "minimum": 2, "maximum": 20, "default": 5}}})";
    d.capabilities = ATTUNE_CAP_THREAD_SAFE | ATTUNE_CAP_DETERMINISTIC | ATTUNE_CAP_INTERMEDIATE;
    d.license = "Apache-2.0";
    return d;
  }

  explicit KernelRidge(const attune::Config &config) {
    config.only({"data", "folds"});
    const std::string name = config.text("data", "diabetes.csv");
    const int n_folds = static_cast<int>(config.integer("folds", 5, 2, 20));
    Table table(name);
    if (table.rows < 2 * n_folds) throw std::invalid_argument(name + ": too few rows for the folds");
    std::vector<int> fold(static_cast<std::size_t>(table.rows));
    std::vector<double> scaled(fold.size() * static_cast<std::size_t>(table.columns));
    if (table_folds(&table, n_folds, 1, fold.data()) != 0) throw std::bad_alloc();
    for (int k = 0; k < n_folds; k++) {
      table_standardize(&table, fold.data(), k, scaled.data());
      folds_.push_back(make_fold(table, fold, scaled, k));
    }
  }

  double evaluate(attune::Evaluation &evaluation) const {
    const Kernel kernel(evaluation.params);
    const double alpha = evaluation.params.number("alpha");
    double squares = 0;
    std::size_t rows = 0;
    for (std::size_t k = 0; k < folds_.size(); k++) {
      squares += squared_errors(folds_[k], kernel, alpha);
      rows += folds_[k].rows - folds_[k].train;
      evaluation.report_or_prune(static_cast<std::int64_t>(k), std::sqrt(squares / static_cast<double>(rows)));
    }
    return std::sqrt(squares / static_cast<double>(rows));
  }

 private:
  struct Table : table {
    explicit Table(const std::string &name) : table() {
      char error[2048];
      if (table_load(this, name.c_str(), error, sizeof error) != 0) throw std::runtime_error(error);
    }
    Table(const Table &) = delete;
    Table &operator=(const Table &) = delete;
    ~Table() { table_free(this); }
  };

  std::vector<Fold> folds_;

  static Fold make_fold(const Table &table, const std::vector<int> &fold, const std::vector<double> &scaled, int k) {
    const std::size_t columns = static_cast<std::size_t>(table.columns);
    std::vector<std::size_t> order(fold.size());
    for (std::size_t i = 0; i < order.size(); i++) order[i] = i;
    auto middle = std::stable_partition(order.begin(), order.end(), [&](std::size_t i) { return fold[i] != k; });
    Fold out;
    out.rows = order.size();
    out.train = static_cast<std::size_t>(middle - order.begin());
    for (std::size_t i : order) {
      out.target.push_back(table.target[i]);
      for (std::size_t j : order) {
        double sum = 0;
        for (std::size_t c = 0; c < columns; c++) sum += scaled[i * columns + c] * scaled[j * columns + c];
        out.products.push_back(sum);
      }
    }
    return out;
  }

  // Fits the rows of training about their mean; returns the sum of squared errors on the others.
  static double squared_errors(const Fold &fold, const Kernel &kernel, double alpha) {
    const std::size_t n = fold.train;
    double mean = 0;
    for (std::size_t i = 0; i < n; i++) mean += fold.target[i] / static_cast<double>(n);
    std::vector<double> matrix(n * n), weights(n);
    for (std::size_t i = 0; i < n; i++) {
      weights[i] = fold.target[i] - mean;
      for (std::size_t j = 0; j <= i; j++) matrix[i * n + j] = kernel(fold, i, j);
      matrix[i * n + i] += alpha;
    }
    solve(matrix, weights);
    double squares = 0;
    for (std::size_t i = n; i < fold.rows; i++) {
      double error = mean - fold.target[i];
      for (std::size_t j = 0; j < n; j++) error += weights[j] * kernel(fold, i, j);
      squares += error * error;
    }
    return squares;
  }
};

}  // namespace

ATTUNE_PLUGIN(KernelRidge)
