/// The Docker Engine's API as far as Weft needs it; never on the path of a driver call.
package dev.weft.engine;
