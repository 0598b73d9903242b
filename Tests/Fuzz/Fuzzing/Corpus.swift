import Foundation

/// The inputs that are kept for a fuzzer, and what a seed makes of them.
package struct Corpus {
    package let inputs: [(name: String, bytes: [UInt8])]
    private let words: [[UInt8]]

    /// Reads the files of a folder below `Tests/Fuzz/Inputs`, in the order of their names, and the words that inputs are made of.
    package init(_ name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Inputs")
        inputs = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: name).path).sorted().map {
            ($0, Array(try Data(contentsOf: folder.appending(path: "\(name)/\($0)"))))
        }
        // libFuzzer's format: a word in quotes a line.
        words = try String(contentsOf: folder.appending(path: "\(name).dict"), encoding: .utf8).split(separator: "\n").compactMap {
            $0.hasPrefix("\"") ? Escapes.decoded($0.dropFirst().dropLast().utf8) : nil
        }
    }

    /// An input that somebody might send: one that is kept, changed in a few places.
    package func changed(using generator: inout some RandomNumberGenerator) -> [UInt8] {
        var input = inputs[Int.random(in: 0..<inputs.count, using: &generator)].bytes
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let place = Int.random(in: 0...input.count, using: &generator)
            let end = min(input.count, place + Int.random(in: 1...12, using: &generator))
            switch Int.random(in: 0..<7, using: &generator) {
            case 0: input.insert(UInt8.random(in: 0...255, using: &generator), at: place)
            case 1: input.removeSubrange(place..<end)
            case 2: input.insert(contentsOf: words[Int.random(in: 0..<words.count, using: &generator)], at: place)
            case 3: input.replaceSubrange(place..<end, with: words[Int.random(in: 0..<words.count, using: &generator)])
            case 4 where place < input.count: input[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 5: input.insert(contentsOf: input[place..<end], at: Int.random(in: 0...input.count, using: &generator))
            default:
                // Some lines of another input.
                let other = inputs[Int.random(in: 0..<inputs.count, using: &generator)].bytes.split(separator: UInt8(ascii: "\n"))
                guard !other.isEmpty else { continue }
                let line = Int.random(in: 0..<other.count, using: &generator)
                input.insert(contentsOf: Array(other[line...].prefix(4).joined(separator: [UInt8(ascii: "\n")])), at: place)
            }
        }
        return input
    }
}
