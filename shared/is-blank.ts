// Text that nobody could see: spaces, controls, zero-width and filler signs alone. Clients do give themselves such names.

const unseen = /^[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]*$/u

export function isBlank(text: string): boolean {
  return unseen.test(text)
}
