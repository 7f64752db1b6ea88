import Glibc

/// Functions of shifted and turned coordinates, with their least value 0 at the origin.
///
/// Most follow N. Hansen, S. Finck, R. Ros, A. Auger, "Real-parameter black-box optimization
/// benchmarking 2009: noiseless functions definitions", INRIA RR-6829.
enum NumericFunction {
  /// Where coordinate `index` of `count` stands between 0 and 1.
  static func place(_ index: Int, _ count: Int) -> Double {
    count < 2 ? 0 : Double(index) / Double(count - 1)
  }

  static func sphere(_ z: [Double]) -> Double { z.reduce(0) { $0 + $1 * $1 } }

  /// Condition 1e4.
  static func ellipsoid(_ z: [Double]) -> Double {
    var sum = 0.0
    for index in z.indices { sum += pow(1e4, place(index, z.count)) * z[index] * z[index] }
    return sum
  }

  static func rosenbrock(_ z: [Double]) -> Double {
    let scale = max(1, sqrt(Double(z.count)) / 8)
    var sum = 0.0
    for index in 1..<z.count {
      let (a, b) = (scale * z[index - 1] + 1, scale * z[index] + 1)
      sum += 100 * (b - a * a) * (b - a * a) + (1 - a) * (1 - a)
    }
    return sum
  }

  static func rastrigin(_ z: [Double]) -> Double {
    z.reduce(0) { $0 + 10 * (1 - cos(2 * .pi * $1)) + $1 * $1 }
  }

  static func ackley(_ z: [Double]) -> Double {
    let count = Double(z.count)
    let waves = z.reduce(0) { $0 + cos(2 * .pi * $1) } / count
    return -20 * exp(-0.2 * sqrt(sphere(z) / count)) - exp(waves) + 20 + M_E
  }

  static func powers(_ z: [Double]) -> Double {
    var sum = 0.0
    for index in z.indices { sum += pow(z[index].magnitude, 2 + 4 * place(index, z.count)) }
    return sqrt(sum)
  }

  /// A heavy tail: few points near the origin, all others astronomically worse.
  static func exponential(_ z: [Double]) -> Double { expm1(2 * sqrt(sphere(z))) }

  static func griewank(_ z: [Double]) -> Double {
    var product = 1.0
    for index in z.indices { product *= cos(z[index] / sqrt(Double(index + 1))) }
    return sphere(z) / 4000 - product + 1
  }

  static func bentCigar(_ z: [Double]) -> Double {
    let first = z[0] * z[0]
    return first + 1e6 * (sphere(z) - first)
  }

  static func sharpRidge(_ z: [Double]) -> Double {
    let first = z[0] * z[0]
    return first + 100 * sqrt(max(0, sphere(z) - first))
  }

  static func levy(_ z: [Double]) -> Double {
    // Levy's own minimum is at 1 in every coordinate.
    func w(_ index: Int) -> Double { 1 + z[index] / 4 }
    var sum = pow(sin(.pi * w(0)), 2)
    for index in 0..<z.count - 1 {
      sum += pow(w(index) - 1, 2) * (1 + 10 * pow(sin(.pi * w(index) + 1), 2))
    }
    let last = w(z.count - 1)
    return sum + pow(last - 1, 2) * (1 + pow(sin(2 * .pi * last), 2))
  }

  /// Rugged everywhere, and repetitive.
  static func weierstrass(_ z: [Double]) -> Double {
    var (sum, least) = (0.0, 0.0)
    var (height, frequency) = (1.0, 2 * Double.pi)
    for _ in 0..<11 {
      least += height * cos(frequency / 2)
      for coordinate in z { sum += height * cos(frequency * (coordinate + 0.5)) }
      height /= 2
      frequency *= 3
    }
    return 10 * pow(max(0, sum / Double(z.count) - least), 3)
  }

  /// Bends positive coordinates, more so the later ones; breaks symmetry (T_asy).
  static func bent(_ z: [Double], by strength: Double) -> [Double] {
    z.indices.map { index in
      let x = z[index]
      return x > 0 ? pow(x, 1 + strength * place(index, z.count) * sqrt(x)) : x
    }
  }
}
