import Jobs

/// The fields of an `application/x-www-form-urlencoded` body or query (URL Standard, section 5.1).
struct FormFields: Equatable {
    /// The fields by name; the first of a field that is given twice.
    private(set) var values: [String: String] = [:]
    /// The names of fields whose values cannot be decoded.
    private var unreadable: Set<String> = []
    /// Whether there are more fields than ``most``; then none was read.
    private var isTooLong = false

    /// The most fields that are read; our form has some thirty.
    static let most = 200

    /// No fields.
    init() {}

    /// Reads the fields of a body; nil if one is not well-encoded UTF-8, or if there are more than ``most``.
    init?(_ encoded: some Collection<UInt8>) {
        self.init(readable: encoded)
        guard unreadable.isEmpty, !isTooLong else { return nil }
    }

    /// Reads the fields of a query. Broken fields, which others may have added to a link, are left out.
    init(query: String) {
        self.init(readable: query.utf8)
    }

    private init(readable encoded: some Collection<UInt8>) {
        guard encoded.count(where: { $0 == UInt8(ascii: "&") }) < Self.most else {
            isTooLong = true
            return
        }
        for field in encoded.split(separator: UInt8(ascii: "&")) {
            let sides = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = PercentEncoding.decode(sides[0], plusIsSpace: true)
            guard let name, let value = PercentEncoding.decode(sides.count > 1 ? sides[1] : encoded[encoded.endIndex...], plusIsSpace: true)
            else {
                unreadable.insert(name ?? "")
                continue
            }
            if values[name] == nil { values[name] = value }
        }
    }

    /// The value of a field; nil if it is absent.
    subscript(name: String) -> String? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// Whether a field was given, but cannot be read.
    func isUnreadable(_ name: String) -> Bool { unreadable.contains(name) }
}
