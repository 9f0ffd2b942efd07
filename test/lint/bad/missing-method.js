var seen = new Map()

function isWeb(event) {
  return ['http', 'https'].includes(event.check.name)
}
