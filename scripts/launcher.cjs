/*
 * First lines of every executable. In a checkout on a machine with an older Node, carry on with the Node that
 * came with the development packages; anywhere else say in one line what is missing. A mutator has to pass the
 * event on even then.
 */
if (Number(process.versions.node.split('.')[0]) < 24) {
  const fs = require('node:fs'),
    path = require('node:path')
  const node = path.join(__dirname, '../../node_modules/node/bin/node')
  if (fs.existsSync(node)) {
    const run = require('node:child_process').spawnSync(node, process.argv.slice(1), { stdio: 'inherit' })
    process.exit(run.status === null ? 1 : run.status)
  }
  const name = path.basename(__filename)
  if (name === 'tierline-classify') fs.writeSync(1, fs.readFileSync(0))
  else
    fs.writeSync(
      2,
      `${name}: needs Node 24 or later, and this is Node ${process.versions.node}: install a newer one or put it first on PATH\n`,
    )
  process.exit(name === 'tierline-classify' ? 0 : 1)
}
