"""Excel in and out: what a cell means (`values`), what a workbook holds (`reading`), declared sheets (`tables`)."""
