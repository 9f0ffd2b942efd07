var IDLE = /^(idle)|standby$/

function serves(event) {
  return !IDLE.test(event.check.output)
}
