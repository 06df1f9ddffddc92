/// The Docker Engine's plugin protocol for network drivers: an interface to implement, its wire records, and the
/// server.
package dev.weft.plugin;
