/// JSON, written and read, with errors that name the place.
package dev.weft.json;
