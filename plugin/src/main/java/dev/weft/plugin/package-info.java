/// The Docker Engine's plugin protocol for network and IPAM drivers: the interfaces, and a record for each message.
package dev.weft.plugin;
