/// The one driver that engines see, which hands each network to the mode it was created with.
package dev.weft.drivers;
