import Foundation
import HTTPTypes
import Testing

@testable import krea_simulator

/// Pictures.
@Suite struct PictureTests {
    /// The chunks of a PNG; throws where the file is not whole.
    private func chunks(_ file: [UInt8]) throws -> [(type: String, data: [UInt8])] {
        func number(_ position: Int) -> UInt32 { file[position..<position + 4].reduce(0) { $0 << 8 | UInt32($1) } }
        try #require(Array(file.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        var (position, chunks) = (8, [(type: String, data: [UInt8])]())
        while position < file.count {
            let length = Int(number(position))
            try #require(position + 12 + length <= file.count)
            let checked = Array(file[position + 4..<position + 8 + length])
            #expect(number(position + 8 + length) == PNG.crc32(checked))
            chunks.append((String(decoding: checked.prefix(4), as: UTF8.self), Array(checked.dropFirst(4))))
            position += 12 + length
        }
        return chunks
    }

    /// What the stored blocks of a zlib stream hold; throws where lengths or the checksum are wrong.
    private func unpacked(_ stream: [UInt8]) throws -> [UInt8] {
        #expect((Int(stream[0]) << 8 | Int(stream[1])) % 31 == 0)
        var (position, isLast, raw) = (2, false, [UInt8]())
        while !isLast {
            isLast = stream[position] == 1
            let length = Int(stream[position + 1]) | Int(stream[position + 2]) << 8
            let complement = Int(stream[position + 3]) | Int(stream[position + 4]) << 8
            try #require(length == ~complement & 0xFFFF)
            raw += stream[position + 5..<position + 5 + length]
            position += 5 + length
        }
        var (low, high) = (1, 0)
        for byte in raw { (low, high) = ((low + Int(byte)) % 65_521, (high + low + Int(byte)) % 65_521) }
        #expect(Array(stream[position...]) == [high >> 8, high & 255, low >> 8, low & 255].map(UInt8.init))
        return raw
    }

    @Test func `the checksum of chunks is that of the PNG specification`() {
        #expect(PNG.crc32("IEND".utf8) == 0xAE42_6082)
        #expect(PNG.crc32("123456789".utf8) == 0xCBF4_3926)
    }

    @Test(arguments: [(1, 1), (2, 3), (7, 5), (512, 300)])
    func `a picture is a whole PNG of its size`(_ width: Int, _ height: Int) throws {
        let size = PictureSize(["width": .number(Double(width)), "height": .number(Double(height))])
        let chunks = try chunks(Landscape(prompt: "a cat", number: 0, size: size).png)
        #expect(chunks.map(\.type) == ["IHDR", "PLTE", "IDAT", "IEND"])
        let sides = [width, height].flatMap { side -> [UInt8] in [0, 0, UInt8(side >> 8), UInt8(side & 255)] }
        #expect(chunks[0].data == sides + [4, 3, 0, 0, 0])
        #expect(chunks[1].data.count == 48)
        let raw = try unpacked(chunks[2].data)
        let row = 1 + (width + 1) / 2
        #expect(raw.count == height * row)
        #expect(stride(from: 0, to: raw.count, by: row).allSatisfy { raw[$0] == 0 })
    }

    @Test func `the same prompt gives the same picture, another prompt or number another`() {
        let size = PictureSize(["width": 16, "height": 16])
        let png = Landscape(prompt: "a cat", number: 0, size: size).png
        #expect(png == Landscape(prompt: "a cat", number: 0, size: size).png)
        #expect(png != Landscape(prompt: "a dog", number: 0, size: size).png)
        #expect(png != Landscape(prompt: "a cat", number: 1, size: size).png)
    }

    /// How many pixels of a picture have the colour of letters.
    private func letters(_ prompt: String, width: Double = 256, height: Double = 256) -> Int {
        var canvas = Canvas(width: Int(width), height: Int(height))
        canvas.write(prompt, below: height * 0.8)
        return canvas.inks.count { $0 == Ink.letters.rawValue }
    }

    @Test func `a prompt is written into its picture, in any script; a tiny picture has no letters`() {
        #expect(letters("") == 0)
        #expect(letters("  \n") == 0)
        #expect(letters("cat") > 20)
        #expect(letters("cat cat") > letters("cat"))
        #expect(letters("一只猫") > 20)
        #expect(letters("é") == letters("e"))
        #expect(letters("cat", width: 64, height: 64) == 0)
        #expect(letters(String(repeating: "word ", count: 20_000)) < 256 * 256 / 5)
    }

    @Test func `a long prompt is broken between words into lines, and cut with an ellipsis`() {
        func lines(_ text: String) -> [String] { Canvas.lines(of: text, columns: 10, most: 2).map { String($0) } }
        #expect(lines("a cat on a mat") == ["a cat on a", "mat"])
        #expect(lines("incomprehensible") == ["incomprehe", "nsible"])
        #expect(lines("one two three four five six") == ["one two", "three fou…"])
        #expect(lines("") == [])
    }

    @Test func `the size is the one asked for, in its proportions where it is too large or only those are given`() {
        func size(_ fields: JSON) -> [Int] { [PictureSize(fields).width, PictureSize(fields).height] }
        #expect(size([:]) == [1024, 1024])
        #expect(size(["width": 512, "height": 768]) == [512, 768])
        #expect(size(["width": 2048, "height": 1024]) == [1024, 512])
        #expect(size(["aspectRatio": "16:9"]) == [1024, 576])
        #expect(size(["aspect_ratio": "1:8"]) == [128, 1024])
        #expect(size(["width": 512, "height": 512, "aspectRatio": "16:9"]) == [512, 512])
        #expect(size(["width": -5, "height": 0]) == [1, 1])
        #expect(size(["aspectRatio": .string(String(repeating: "9", count: 400) + ":1")]) == [1024, 1])
    }

    /// The path of the first picture of a job.
    private func path(_ account: Account, _ prompt: String) throws -> String {
        let body: JSON = ["prompt": .string(prompt), "width": 512, "height": 512]
        let id = try #require(account.submit(body, to: "bfl/flux-1-dev").jobID)
        account.now += 12_000
        guard case .array(let urls) = account.poll(id).json?["result"]?["urls"] else { throw CancellationError() }
        return try #require(URL(string: urls.first?.text ?? "")).path()
    }

    private func get(_ account: Account, _ path: String) -> Reaction {
        account.krea.exchange(HTTPRequest(method: .get, scheme: "https", authority: "gen.krea.ai", path: path), at: account.now)
    }

    @Test func `a picture is answered without a token once its job is completed, and not before`() throws {
        let account = Account()
        let path = try path(account, "a cat")
        let reaction = get(account, path)
        #expect(reaction.code == 200)
        #expect(reaction.response.headerFields[.contentType] == "image/png")
        #expect(try chunks(reaction.body).count == 4)
        #expect(!reaction.authorised)
        account.now -= 1
        #expect(get(account, path).code == 404)
        #expect(get(account, "/images/nothing.png").code == 404)
    }

    @Test func `a request for a picture that carries the token is seen as authorised, so that a leak shows in the log`() throws {
        let account = Account()
        #expect(account.request(.get, try path(account, "a cat")).authorised)
    }

    @Test func `a picture goes wrong as its job was told to`() throws {
        let account = Account()
        #expect(get(account, try path(account, "[[image-404]]")).code == 404)
        #expect(get(account, try path(account, "[[image-slow:70]]")).delay == 70)
        #expect(get(account, try path(account, "[[image-type]]")).response.headerFields[.contentType]?.hasPrefix("text/html") == true)
        #expect(get(account, try path(account, "[[image-huge:2]]")).body.count == 2 << 20)
        #expect(get(account, try path(account, "[[image-truncated]]")).delivery == .truncated)
        #expect(get(account, try path(account, "[[image-stall:70]]")).delivery == .dripping(bytes: 1024, every: 70))
        let held = try path(account, "[[image-hold]]")
        #expect(get(account, held).delivery == .held(after: 1024))
        #expect(get(account, held).delivery == .whole)
        let redirect = get(account, try path(account, "[[image-redirect]]"))
        #expect(redirect.code == 302)
        #expect(redirect.response.headerFields[.location] == "https://gen.krea.ai/jobs")
    }

    @Test func `a picture that has moved redirects so often, and is there at the last address`() throws {
        let account = Account()
        var path = try path(account, "a cat [[image-moved:2]]")
        for number in 1...2 {
            let reaction = get(account, path)
            let location = try #require(reaction.response.headerFields[.location])
            #expect(reaction.code == 302)
            #expect(location.hasSuffix(".png?move=\(number)"))
            path = "/images/\(location)"
        }
        #expect(get(account, path).code == 200)
    }

    @Test func `a picture is given by half as often as was said, and whole then`() throws {
        let account = Account()
        let path = try path(account, "a cat [[image-cut:2]]")
        let sizes = (1...3).map { _ in get(account, path).body.count }
        #expect(sizes[0] == sizes[1] && sizes[1] == (sizes[2] + 1) / 2)
    }

    @Test func `the first address of a picture has expired, the second is good`() throws {
        let account = Account()
        let id = try #require(account.submit(prompt: "a cat [[image-expired]]"))
        account.now += 12_000
        var answers: [Int?] = []
        for _ in 1...2 {
            guard case .array(let urls) = account.poll(id).json?["result"]?["urls"], let url = urls.first?.text else {
                throw CancellationError()
            }
            answers.append(get(account, "/images/" + (url.split(separator: "/").last ?? "")).code)
        }
        #expect(answers == [403, 200])
    }

    @Test func `a job can complete before it has addresses`() throws {
        let account = Account()
        let id = try #require(account.submit(prompt: "a cat [[no-urls:5000]]"))
        account.now += 12_000
        #expect(account.poll(id).json?["status"] == "completed")
        #expect(account.poll(id).json?["result"] == [:])
        account.now += 5000
        guard case .array(let urls) = account.poll(id).json?["result"]?["urls"] else { throw CancellationError() }
        #expect(urls.count == 1)
    }
}
