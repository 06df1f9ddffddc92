/// Network namespaces and one connection to the kernel's rtnetlink per namespace, with a record for each thing it
/// keeps.
package dev.weft.netlink;
