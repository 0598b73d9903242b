import Foundation
import HTTPClient
import Jobs
import KreaAPI
import Pictures
import Synchronization
import TestSupport
import Testing

/// Pictures from a host that answers anything at all, over real connections; the hours between attempts pass in no time.
@Suite(.timeLimit(.minutes(5))) struct HostilePictureTests {
    private static let limits: HTTPPictureSource.Limits = {
        var limits = HTTPPictureSource.Limits()
        limits.bytes = 1 << 20
        limits.stall = .milliseconds(500)
        limits.time = .seconds(5)
        return limits
    }()

    /// What a Krea at `base` says of a job with one picture that has completed.
    private static func completed(_ base: String) async throws -> KreaJob {
        let krea = KreaClient(
            server: try KreaServer(base), token: { KreaToken("simulator") }, userAgent: "test", timeout: .seconds(30),
            transport: HTTPTransport(client: HTTPClient()))
        return try await krea.job(try await krea.submit(["prompt": "a lighthouse"], to: "google/nano-banana-flash").id)
    }

    private static func source(_ base: String, _ limits: HTTPPictureSource.Limits = limits) -> MeteredSource {
        MeteredSource(HTTPPictureSource(client: HTTPClient(), userAgent: "test", limits: limits) { $0.hasPrefix(base) })
    }

    /// The picture as a host sends it that has nothing wrong with it.
    private static func original() async throws -> (copy: KeptPicture, content: Data) {
        let found = Mutex<(KeptPicture, Data)?>(nil)
        try await withSimulatedServer { base in
            let folder = try TemporaryFolder()
            let url = try #require(try await completed(base).urls.first)
            let copy = try await PictureFolder(path: folder.path, source: source(base, HTTPPictureSource.Limits())).fetch(url)
            let content = try Data(contentsOf: URL(filePath: folder.file(copy.file.name)))
            found.withLock { $0 = (copy, content) }
        }
        return try #require(found.withLock { $0 })
    }

    @Test func `whatever comes in place of a picture, its job stays completed, and only the whole picture is ever kept`() async throws {
        let original = try await Self.original()
        for seed in 1...8 {
            try await withSimulatedServer(words: ["hostile-image:\(seed)"]) { base in
                let folder = try TemporaryFolder()
                let source = Self.source(base)
                let fixture = try await DispatcherFixture(pictures: PictureFolder(path: folder.path, source: source))
                let id = try fixture.accept("a lighthouse")
                let claim = try fixture.store.claimSubmit(by: fixture.dispatcher.epoch, at: fixture.time.now)
                let (call, _) = try claim.granted()
                let krea = try await Self.completed(base)
                try fixture.store.recordSubmit(.answered(krea), for: call, at: fixture.time.now)
                try await fixture.run(until: fixture.time.now + .seconds(3 * 86_400))

                let queued = try #require(try fixture.store.job(id))
                #expect(queued.job.state == .completed)
                #expect(queued.job.urls == krea.urls)
                let url = try #require(krea.urls.first)
                #expect(krea.urls.count == 1)
                let picture = try #require(queued.pictures.first)
                #expect(picture.isSettled)
                #expect((1...32).contains(picture.attempts))
                #expect(picture.kept == nil || picture.kept == original.copy)
                #expect(folder.files == (picture.kept.map { [$0.file.name] } ?? []))
                for name in folder.files { #expect(try Data(contentsOf: URL(filePath: folder.file(name))) == original.content) }

                // The dispatcher stops at the first whole picture, which may be the first answer; the host has others.
                let refused = try await Self.refused(of: 12, url, source, original)
                #expect(refused + picture.attempts - (picture.kept == nil ? 0 : 1) > 0, "seed \(seed)")
                #expect(source.mostBytes <= Self.limits.bytes)
            }
        }
    }

    /// How many of so many further answers are refused; each other one has to be the original, and none may leave anything else behind.
    private static func refused(
        of count: Int, _ url: String, _ source: MeteredSource, _ original: (copy: KeptPicture, content: Data)
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<count {
                group.addTask {
                    let folder = try TemporaryFolder()
                    let copy = try? await PictureFolder(path: folder.path, source: source).fetch(url)
                    #expect(copy == nil || copy == original.copy)
                    #expect(folder.files == (copy.map { [$0.file.name] } ?? []))
                    for name in folder.files { #expect(try Data(contentsOf: URL(filePath: folder.file(name))) == original.content) }
                    return copy == nil
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
    }
}

/// A source that counts what of each picture is handed over to be written.
private final class MeteredSource: PictureSource {
    private let source: HTTPPictureSource
    private let most = Mutex(0)

    init(_ source: HTTPPictureSource) {
        self.source = source
    }

    /// How many bytes came of the longest.
    var mostBytes: Int { most.withLock { $0 } }

    func open(_ url: String) async throws(PictureFailure) -> any PictureBytes { Metered(try await source.open(url), self) }

    private final class Metered: PictureBytes {
        private let bytes: any PictureBytes
        private let meter: MeteredSource
        private var count = 0

        init(_ bytes: any PictureBytes, _ meter: MeteredSource) {
            self.bytes = bytes
            self.meter = meter
        }

        func next() async throws(PictureFailure) -> [UInt8]? {
            let part = try await bytes.next()
            count += part?.count ?? 0
            meter.most.withLock { $0 = max($0, count) }
            return part
        }
    }
}

extension TemporaryFolder {
    /// The paths of all files below, sorted; of folders there are only those with files.
    fileprivate var files: [String] {
        (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).filter { $0.contains(".") }.sorted()
    }
}
