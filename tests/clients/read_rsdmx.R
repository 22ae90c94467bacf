# Rows, sum of figures and labels of codes of dataflows, as rsdmx reads them with their structures: SERVICE AGENCY DATAFLOW...
library(rsdmx)
given <- commandArgs(trailingOnly = TRUE)
addSDMXServiceProvider(SDMXServiceProvider(
  agencyId = given[2], name = given[2], scale = "national", country = as.character(NA),
  builder = SDMXREST21RequestBuilder(regUrl = given[1], repoUrl = given[1], compliant = TRUE)
))
for (flow in given[-(1:2)]) {
  found <- readSDMX(providerId = given[2], resource = "data", flowRef = flow, dsd = TRUE, logger = NULL)
  table <- as.data.frame(found, labels = TRUE)
  cat(sprintf("%s %d %.6f\n", flow, nrow(table), sum(as.numeric(table$obsValue), na.rm = TRUE)))
  for (heading in grep("_label.en$", names(table), value = TRUE)) {
    column <- sub("_label.en$", "", heading)
    for (pair in unique(paste(table[[column]], table[[heading]], sep = "="))) {
      cat(sprintf("%s %s %s\n", flow, column, pair))
    }
  }
}
