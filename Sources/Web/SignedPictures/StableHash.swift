/// FNV-1a with 64 bits: the same in every process, and wide enough for the few values of one address or form.
enum StableHash {
    static func text(of bytes: [UInt8]) -> String {
        String(bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
    }
}
