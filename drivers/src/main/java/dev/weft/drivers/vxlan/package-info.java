/// Networks of mode `vxlan`: a bridge per network and a veth pair per endpoint, in the fabric namespace.
package dev.weft.drivers.vxlan;
