export async function widget() { return [] }
