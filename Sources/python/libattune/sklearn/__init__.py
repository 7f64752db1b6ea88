"""scikit-learn: AttuneSearchCV in the place of GridSearchCV and RandomizedSearchCV.

    from libattune.sklearn import AttuneSearchCV
"""

from .search import AttuneSearchCV

__all__ = ["AttuneSearchCV"]
