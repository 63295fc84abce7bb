// What the format's own validator says of the file that is named.
import { readFileSync } from 'node:fs'
import { validate } from 'ctrf'

console.log(JSON.stringify(validate(JSON.parse(readFileSync(process.argv[2], 'utf8')))))
