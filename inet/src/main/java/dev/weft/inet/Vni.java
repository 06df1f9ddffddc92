package dev.weft.inet;

/// A VXLAN network identifier (RFC 7348, section 5).
///
/// @param value 1 to 16 777 215; the kernel takes 0 as well, which other switches do not
public record Vni(int value) {
    public Vni {
        if (value < 1 || value >= 1 << 24) {
            throw new IllegalArgumentException("VNI " + value + " is not between 1 and 16777215");
        }
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
