import Foundation
import Glibc
import Jobs
import TestSupport
import Testing

@testable import Pictures

/// Says what it is told to, in these parts.
private struct Told: PictureSource {
    let parts: [[UInt8]]
    var failure: PictureFailure?

    func open(_ url: String) async throws(PictureFailure) -> any PictureBytes { Bytes(self) }

    private final class Bytes: PictureBytes {
        var rest: ArraySlice<[UInt8]>
        let failure: PictureFailure?

        init(_ told: Told) {
            rest = told.parts[...]
            failure = told.failure
        }

        func next() async throws(PictureFailure) -> [UInt8]? {
            if let part = rest.popFirst() { return part }
            if let failure { throw failure }
            return nil
        }
    }
}

/// What becomes a file, under which name, and what never does.
@Suite struct PictureFolderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func fetch(_ parts: [UInt8]..., failure: PictureFailure? = nil) async throws(PictureFailure) -> KeptPicture {
        try await PictureFolder(path: folder.path, source: Told(parts: parts, failure: failure)).fetch("u")
    }

    private func mode(_ name: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: folder.file(name))[.posixPermissions] as? Int ?? 0
    }

    @Test func `a picture is kept as it came, under the hash of its content`() async throws {
        let kept = try await fetch(Sample.png)
        #expect(kept == KeptPicture(file: PictureFile(hash: Sample.pngHash, type: .png)!, bytes: 145))
        #expect(folder.files == ["\(Sample.pngHash.prefix(2))/\(Sample.pngHash.dropFirst(2)).png"])
        #expect(try Data(contentsOf: URL(filePath: folder.file(kept.file.name))) == Data(Sample.png))
    }

    @Test(arguments: Sample.all)
    func `what a picture is is told by its first bytes, also when they come one by one`(bytes: [UInt8], type: PictureType) async throws {
        #expect(try await fetch(bytes).file.type == type)
        let parts = Told(parts: bytes.map { [$0] })
        let kept = try await PictureFolder(path: folder.path, source: parts).fetch("u")
        #expect(kept.file.type == type)
        #expect(folder.files == [kept.file.name])
    }

    @Test(arguments: [
        "", "x", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", "<!DOCTYPE html><script>alert(1)</script>",
        " \u{89}PNG\r\n", "RIFF....AVI LIST........................", "....ftypisom....isomiso2mp41........", "%PDF-1.7 GIF89a",
        "GIF88a........",
        "BM......................................",
    ])
    func `anything else is refused, and nothing is written`(text: String) async throws {
        await #expect(throws: PictureFailure.notAPicture) { try await fetch(Array(text.utf8)) }
        #expect(folder.files == [])
    }

    @Test(arguments: Sample.all)
    func `a picture that ends before its format says so is not kept, wherever it was cut`(bytes: [UInt8], type: PictureType) async {
        for count in [bytes.count / 2, bytes.count - 1] {
            await #expect(throws: PictureFailure.cut) { try await fetch(Array(bytes.prefix(count))) }
        }
        #expect(folder.files == [])
    }

    @Test func `the same bytes are there once`() async throws {
        let first = try await fetch(Sample.png)
        #expect(try await fetch(Sample.png) == first)
        #expect(folder.files == [first.file.name])
    }

    @Test(arguments: [PictureFailure.tooLarge, .noAnswer(reason: "cut")])
    func `a picture that is cut short leaves nothing behind`(failure: PictureFailure) async throws {
        await #expect(throws: failure) { try await fetch(Sample.png, Sample.png, failure: failure) }
        #expect(folder.files == [])
    }

    @Test(arguments: [(0o755, 0o644), (0o750, 0o640), (0o2770, 0o640), (0o700, 0o600)])
    func `who may look into the folder may read the pictures, whatever the service's mask is`(mode: Int, expected: Int) async throws {
        chmod(folder.path, mode_t(mode))
        let kept = try await fetch(Sample.png)
        #expect(try self.mode(kept.file.name) == expected)
        #expect(try self.mode(String(Sample.pngHash.prefix(2))) & 0o777 == mode & 0o777)
    }

    @Test func `a folder that cannot be written is said so`() async throws {
        let gone = PictureFolder(path: folder.file("gone"), source: Told(parts: [Sample.png]))
        await #expect {
            _ = try await gone.fetch("u")
        } throws: { error in
            if case PictureFailure.notStored = error { true } else { false }
        }
    }

    @Test func `a copy is removed, and removing it again is no error`() async throws {
        let pictures = PictureFolder(path: folder.path, source: Told(parts: [Sample.png]))
        let kept = try await pictures.fetch("u")
        try pictures.remove(kept.file)
        #expect(folder.files == [])
        try pictures.remove(kept.file)
    }

    @Test func `tidying finds old copies, removes what was left behind, and leaves all else alone`() async throws {
        let pictures = PictureFolder(path: folder.path, source: Told(parts: [Sample.png]))
        let young = try await pictures.fetch("u").file
        let old = PictureFile.sample(1)
        try FileManager.default.createDirectory(atPath: folder.file("00"), withIntermediateDirectories: false)
        for name in [old.name, "00/notes.txt", "mine.png", ".incoming-1"] { try Data().write(to: URL(filePath: folder.file(name))) }
        let now = Timestamp(Date())
        let long = Date(timeIntervalSince1970: Double((now - .seconds(3600)).milliseconds) / 1000)
        for name in [old.name, "00/notes.txt", "mine.png"] {
            try FileManager.default.setAttributes([.modificationDate: long], ofItemAtPath: folder.file(name))
        }
        #expect(try await pictures.tidy(before: now - .seconds(60)) == [old])
        #expect(folder.files == [young.name, old.name, "00/notes.txt", "mine.png"].sorted())
        await #expect(throws: PictureFailure.self) {
            _ = try await PictureFolder(path: folder.file("gone"), source: Told(parts: [])).tidy(before: now)
        }
    }

    @Test func `only a folder that is there is usable`() throws {
        #expect(PictureFolder.isUsable(folder.path))
        #expect(!PictureFolder.isUsable(folder.file("gone")))
        try Data().write(to: URL(filePath: folder.file("file")))
        #expect(!PictureFolder.isUsable(folder.file("file")))
    }

    @Test func `a link in place of a folder of pictures leads nowhere: nothing is written, removed or found behind it`() async throws {
        let elsewhere = try TemporaryFolder()
        let file = PictureFile(hash: Sample.pngHash, type: .png)!
        let (shelf, name) = file.place
        try Data("mine".utf8).write(to: URL(filePath: elsewhere.file(name)))
        let long = Date(timeIntervalSince1970: 0)
        try FileManager.default.setAttributes([.modificationDate: long, .posixPermissions: 0o600], ofItemAtPath: elsewhere.file(name))
        chmod(elsewhere.path, 0o711)
        symlink(elsewhere.path, folder.file(shelf))
        let pictures = PictureFolder(path: folder.path, source: Told(parts: [Sample.png]))
        await #expect {
            _ = try await pictures.fetch("u")
        } throws: { error in
            if case PictureFailure.notStored = error { true } else { false }
        }
        #expect(throws: PictureFailure.self) { try pictures.remove(file) }
        #expect(try await pictures.tidy(before: Timestamp(Date())) == [])
        #expect(elsewhere.files == [name])
        #expect(try String(contentsOfFile: elsewhere.file(name), encoding: .utf8) == "mine")
        #expect(try FileManager.default.attributesOfItem(atPath: elsewhere.path)[.posixPermissions] as? Int == 0o711)
    }

    @Test func `a link in place of a picture is replaced, and what it leads to stays as it is`() async throws {
        let elsewhere = try TemporaryFolder()
        try Data("mine".utf8).write(to: URL(filePath: elsewhere.file("mine")))
        chmod(elsewhere.file("mine"), 0o600)
        let (shelf, name) = PictureFile(hash: Sample.pngHash, type: .png)!.place
        mkdir(folder.file(shelf), 0o700)
        symlink(elsewhere.file("mine"), folder.file("\(shelf)/\(name)"))
        let kept = try await fetch(Sample.png)
        #expect(try Data(contentsOf: URL(filePath: folder.file(kept.file.name))) == Data(Sample.png))
        #expect(try String(contentsOfFile: elsewhere.file("mine"), encoding: .utf8) == "mine")
        #expect(try FileManager.default.attributesOfItem(atPath: elsewhere.file("mine"))[.posixPermissions] as? Int == 0o600)
    }
}
