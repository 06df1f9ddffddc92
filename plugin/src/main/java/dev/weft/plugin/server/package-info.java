/// Serves drivers to engines: sockets, deadlines, and an answer to every call.
package dev.weft.plugin.server;
