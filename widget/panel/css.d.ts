// A stylesheet as text: adopted by the shadow root, never a <style> element or a file of its own.
declare module '*.css?inline' {
  const text: string
  export default text
}
