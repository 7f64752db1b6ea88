"""Which way a metric of Keras is better."""

from __future__ import annotations

#: Parts of the names of metrics that are better when larger.
_LARGER = (
    "acc", "auc", "precision", "recall", "f1", "fbeta", "iou", "r2", "true_positives", "true_negatives",
    "specificity", "sensitivity", "cosine_similarity", "binary_io_u", "top_k",
)  # fmt: skip
#: Those that are better when smaller.
_SMALLER = (
    "loss", "error", "mse", "mae", "mape", "msle", "rmse", "entropy", "divergence", "hinge", "poisson",
    "false_positives", "false_negatives", "log_cosh",
)  # fmt: skip


def direction_of(objective: str) -> str:
    """"minimize" or "maximize", by the name of the metric."""
    name = objective.lower()
    if any(part in name for part in _SMALLER):
        return "minimize"
    if any(part in name for part in _LARGER):
        return "maximize"
    raise ValueError(f'objective is {objective!r}, whose direction is not known; give direction "minimize" or "maximize"')
