/// How one route of Krea's takes a field: its name there and what is allowed.
public struct FieldRule: Hashable, Codable, Sendable {
    /// The name of the member in the route's body.
    public var name: String
    /// The least value of a number, or the least number of characters of a text.
    public var minimum: Double?
    /// The largest value of a number, the most characters of a text, or the most elements of a list.
    public var maximum: Double?
    /// The only values that are taken.
    public var choices: [String]?
    /// Whether the route refuses a body without it.
    public var isRequired: Bool
    /// Whether a field that is a list elsewhere is a single value here.
    public var isSingle: Bool
    /// What the route takes when nothing is given.
    public var fallback: JSONValue?

    /// A rule; by default everything is allowed and nothing needed.
    public init(
        name: String, minimum: Double? = nil, maximum: Double? = nil, choices: [String]? = nil, isRequired: Bool = false,
        isSingle: Bool = false, fallback: JSONValue? = nil
    ) {
        self.name = name
        self.minimum = minimum
        self.maximum = maximum
        self.choices = choices
        self.isRequired = isRequired
        self.isSingle = isSingle
        self.fallback = fallback
    }

    /// Whether a number, or a length, is within the bounds.
    func allows(_ number: Double) -> Bool {
        number >= minimum ?? -.infinity && number <= maximum ?? .infinity
    }

    /// Whether a value that was taken by another rule is within this one too.
    func allows(_ value: JSONValue) -> Bool {
        switch value {
        case .number(let number): allows(number)
        case .string(let text): choices?.contains(text) ?? true
        case .array(let elements): Double(elements.count) <= maximum ?? .infinity
        case .null, .bool, .object: true
        }
    }
}
