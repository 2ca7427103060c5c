// The words of what messages carry, which travel with it: most threads need none.
import type { Locale } from '../../client/panel.ts'

const es = {
  picture: 'Foto',
  open: 'Ver {name}',
  previous: 'Anterior',
  next: 'Siguiente',
  voice: 'Mensaje de voz',
  play: 'Escuchar',
  pause: 'Pausar',
  position: 'Posición',
  download: 'Descargar {name}',
  pending: 'Llegando…',
  failed: 'No se pudo descargar el archivo',
  blocked: 'Archivo bloqueado por seguridad',
  map: 'Ver en el mapa',
  writeTo: 'Escribir a {name}',
  advert: 'Vino de un anuncio',
  pressedButton: 'Tocó un botón',
  forwarded: 'Reenviado',
}
export type KindWords = typeof es
const en: KindWords = {
  picture: 'Photo',
  open: 'View {name}',
  previous: 'Previous',
  next: 'Next',
  voice: 'Voice message',
  play: 'Play',
  pause: 'Pause',
  position: 'Position',
  download: 'Download {name}',
  pending: 'Arriving…',
  failed: 'The file could not be downloaded',
  blocked: 'File blocked for safety',
  map: 'View on the map',
  writeTo: 'Write to {name}',
  advert: 'Came from an ad',
  pressedButton: 'Pressed a button',
  forwarded: 'Forwarded',
}
const pt: KindWords = {
  picture: 'Foto',
  open: 'Ver {name}',
  previous: 'Anterior',
  next: 'Próxima',
  voice: 'Mensagem de voz',
  play: 'Ouvir',
  pause: 'Pausar',
  position: 'Posição',
  download: 'Baixar {name}',
  pending: 'Chegando…',
  failed: 'Não foi possível baixar o arquivo',
  blocked: 'Arquivo bloqueado por segurança',
  map: 'Ver no mapa',
  writeTo: 'Escrever para {name}',
  advert: 'Veio de um anúncio',
  pressedButton: 'Tocou em um botão',
  forwarded: 'Encaminhada',
}

export function kindWords(locale: Locale): KindWords {
  return { es, en, pt }[locale]
}
