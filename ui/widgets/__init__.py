"""Small widgets with one door each: a value in, a value or a signal out."""
