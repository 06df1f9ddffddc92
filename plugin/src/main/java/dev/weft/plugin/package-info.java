/// The Docker Engine's plugin protocol for network drivers: the interface, its wire records, the server.
package dev.weft.plugin;
