package import Jobs

/// The same numbers in every run (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

extension JobID {
    /// The ID that belongs to a small number.
    package static func sample(_ number: UInt64) -> JobID {
        var generator = SeededGenerator(seed: number)
        return .random(using: &generator)
    }
}

extension Job {
    /// A job that was accepted; everything that a test does not care about has some value.
    package static func sample(
        _ number: UInt64 = 1, prompt: String = "a lighthouse at dusk", members: [String: JSONValue] = [:],
        client: Client = Client(key: "address:192.0.2.1"), by catalogue: Catalogue = .builtIn, at now: Timestamp
    ) throws -> Job {
        let valid = try GenerationRequest.validate(members.merging(["prompt": .string(prompt)]) { given, _ in given }, by: catalogue)
        return Job(
            id: .sample(number), request: valid.request, client: client, requestWarnings: valid.warnings, createdAt: now,
            submissions: valid.submissions)
    }

    /// A job of so many pictures, which Krea makes in one.
    package static func sample(_ number: UInt64, pictures: Int, at now: Timestamp) throws -> Job {
        try sample(number, members: pictures == 1 ? [:] : ["batch_size": .number(Double(pictures))], at: now)
    }
}

extension PictureFile {
    /// The file that belongs to a small number.
    package static func sample(_ number: UInt64, _ type: PictureType = .png) -> PictureFile {
        let digits = String(number, radix: 16)
        return PictureFile(hash: String(repeating: "0", count: 64 - digits.count) + digits, type: type)!
    }
}
