"""Labels: a template in tenths of a millimetre, drawn in whole dots, carried as TSPL or raster."""
