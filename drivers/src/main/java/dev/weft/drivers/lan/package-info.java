/// Networks of modes `macvlan` and `ipvlan`: containers on the LAN of a link of the host's.
package dev.weft.drivers.lan;
