"""Linear models over n-grams of the two token streams: numpy and scipy at run time, scikit-learn only to fit them."""
