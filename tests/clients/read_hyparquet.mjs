// Rows and sum of values of Parquet files over HTTP, as hyparquet reads them, in Node as in a browser.
import { asyncBufferFromUrl, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

for (const url of process.argv.slice(2)) {
  const rows = await parquetReadObjects({ file: await asyncBufferFromUrl({ url }), compressors })
  const total = rows.reduce((sum, row) => sum + Number(row.value ?? 0), 0)
  console.log(JSON.stringify([rows.length, total]))
}
