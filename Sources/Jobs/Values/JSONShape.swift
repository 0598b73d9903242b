/// How much there is in a JSON text, found out before anything is made of it: what decoding costs grows with both.
public struct JSONShape: Hashable, Sendable {
    /// The most brackets that are open at once.
    public private(set) var depth = 0
    /// How many values there are, give or take one for each bracket; never less than there are.
    public private(set) var values = 1

    /// Counts outside of strings. Of something that is no JSON, any number.
    public init(of bytes: some Sequence<UInt8>) {
        var open = 0
        var isInString = false
        var isEscaped = false
        for byte in bytes {
            if isEscaped {
                isEscaped = false
            } else if isInString {
                isEscaped = byte == UInt8(ascii: "\\")
                isInString = byte != UInt8(ascii: "\"")
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: ","): values += 1
                case UInt8(ascii: "["), UInt8(ascii: "{"):
                    values += 1
                    open += 1
                    depth = max(depth, open)
                case UInt8(ascii: "]"), UInt8(ascii: "}"): open -= 1
                default: break
                }
            }
        }
    }
}
