// The words of what is held because the record says otherwise.
import type { Locale } from '../../client/panel.ts'

const es = { says: 'Según “{r}”: {value}', correct: 'Corregir', anyway: 'Enviar igual' }
const en: typeof es = { says: '“{r}” says {value}', correct: 'Correct', anyway: 'Send anyway' }
const pt: typeof es = { says: 'Segundo “{r}”: {value}', correct: 'Corrigir', anyway: 'Enviar mesmo assim' }

export const checkingWords: Readonly<Record<Locale, typeof es>> = { es, en, pt }
