/// The calls of the protocol and their JSON, read and written; not for users of the library.
package dev.weft.plugin.wire;
