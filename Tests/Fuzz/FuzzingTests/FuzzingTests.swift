import Fuzzing
import TestSupport
import Testing

/// What the fuzzers try, as far as there is time for it in every run: the inputs that are kept, and the same changes of them each time.
@Suite(.timeLimit(.minutes(5))) struct FuzzingTests {
    @Test func `Hostile requests are answered as they have to be`() throws {
        try tryAll(of: Corpus("web"), 1500, WebFuzz.run)
    }

    @Test func `Hostile answers of Krea's are bounded, prove nothing and leave every page whole`() async throws {
        try await onThread { try tryAll(of: Corpus("krea"), 300, KreaFuzz.run) }
    }

    @Test func `Hostile records hurt nobody else`() async throws {
        let server = try RecordFuzz()
        try await withThrowingTaskGroup { group in
            group.addTask { try await server.serve() }
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(try await onThread { try tryAll(of: Corpus("records"), 1500, server.run) })
            } catch { outcome = .failure(error) }
            await server.stop()
            try await group.waitForAll()
            try outcome.get()
        }
    }
}

private func tryAll(of corpus: Corpus, _ count: Int, _ run: ([UInt8]) throws -> Void) throws {
    for (name, bytes) in corpus.inputs { expectNothing(name, bytes, run) }
    var generator = SeededGenerator(seed: 1)
    for number in 0..<count { expectNothing("\(number)", corpus.changed(using: &generator), run) }
}

private func expectNothing(_ name: String, _ bytes: [UInt8], _ run: ([UInt8]) throws -> Void) {
    do {
        try run(bytes)
    } catch { Issue.record("\(name): \(error)\n\(String(decoding: bytes, as: UTF8.self))") }
}
