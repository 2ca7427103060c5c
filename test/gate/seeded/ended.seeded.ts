// The run is ended from within.
import { test } from 'vitest'

test('one', () => void process.kill(process.ppid, 'SIGKILL'))
