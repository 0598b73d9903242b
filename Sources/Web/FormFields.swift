/// The fields of an `application/x-www-form-urlencoded` body or query (URL Standard, section 5.1).
struct FormFields: Equatable {
    /// The fields by name; of a field that is given twice the first.
    private(set) var values: [String: String] = [:]

    /// How many fields there may be: our own form has some thirty.
    static let most = 200

    /// No fields.
    init() {}

    /// Reads the fields; nil when they are not well encoded, not UTF-8, or more than ``most``.
    init?(_ encoded: some Collection<UInt8>) {
        guard encoded.count(where: { $0 == UInt8(ascii: "&") }) < Self.most else { return nil }
        for field in encoded.split(separator: UInt8(ascii: "&")) {
            let sides = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard
                let name = PercentEncoding.decode(sides[0], plusIsSpace: true),
                let value = PercentEncoding.decode(sides.count > 1 ? sides[1] : encoded[encoded.endIndex...], plusIsSpace: true)
            else { return nil }
            if values[name] == nil { values[name] = value }
        }
    }

    /// The value of a field; nil when it is absent.
    subscript(name: String) -> String? {
        get { values[name] }
        set { values[name] = newValue }
    }
}
