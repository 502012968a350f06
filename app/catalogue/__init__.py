"""What the shop sells: products, barcodes, kits, brands, and how a scan becomes one of them."""
