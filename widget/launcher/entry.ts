declare const __CONNECTION_CHUNK__: string
console.log(__CONNECTION_CHUNK__)
