# Rows and sum of values of CSV files over HTTP, as readr reads them.
library(readr)
for (address in commandArgs(trailingOnly = TRUE)) {
  table <- read_csv(address, show_col_types = FALSE, col_types = cols_only(value = "d"))
  cat(sprintf("[%d, %.6f]\n", nrow(table), sum(table$value, na.rm = TRUE)))
}
