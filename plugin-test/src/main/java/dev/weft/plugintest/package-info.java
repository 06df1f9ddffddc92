/// Serves a plugin during a test, and checks what every plugin must bear.
package dev.weft.plugintest;
