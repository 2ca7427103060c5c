// A stylesheet that the build puts beside the page's scripts.
declare module '*.css' {}
