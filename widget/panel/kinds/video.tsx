// A video: its first picture, and the browser's own controls. Nothing more of it is fetched before somebody looks.
import type { Media } from './kind.tsx'
import type { KindWords } from './kind-words.ts'

export function Video({ media, own, onLost }: { media: Media; own: KindWords; onLost(): void }) {
  const { url, filename, width = 4, height = 3 } = media
  return (
    // biome-ignore lint/a11y/useMediaCaption: a client's video; what it says is not known
    <video
      class="vid"
      controls
      playsInline
      preload="metadata"
      src={url}
      aria-label={filename ?? own.video}
      style={{ aspectRatio: `${width} / ${height}` }}
      onError={onLost}
    />
  )
}
