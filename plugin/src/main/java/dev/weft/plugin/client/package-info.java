/// Calls a plugin as engines do, byte for byte and in their order, for tests of plugins.
package dev.weft.plugin.client;
