/// FNV-1a, 64 bits: the same in every process, and wide enough for the few values that one address or one form has.
enum StableHash {
    static func text(of bytes: [UInt8]) -> String {
        String(bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
    }
}
