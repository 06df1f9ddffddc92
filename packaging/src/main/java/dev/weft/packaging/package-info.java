/// Makes of a built Weft what people install: a runtime image of its own, a `.deb`, a tarball and Docker's
/// managed plugin.
@org.jspecify.annotations.NullMarked
package dev.weft.packaging;
