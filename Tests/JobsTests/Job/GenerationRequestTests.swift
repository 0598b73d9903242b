@testable import Jobs
import TestSupport
import Testing
import Web

/// The rules and limits of the brief, each as a row.
@Suite struct GenerationRequestTests {
    /// What is said of a member.
    private struct Said: Equatable {
        let member: String
        let sentence: String
    }

    private func problems(_ members: [String: JSONValue]) -> [Said] {
        do {
            _ = try GenerationRequest.validate(members.merging(["prompt": "a lighthouse"]) { given, _ in given })
            return []
        } catch {
            return error.problems.map { Said(member: $0.member, sentence: $0.sentence) }
        }
    }

    private func valid(_ members: [String: JSONValue]) throws -> ValidatedRequest {
        try GenerationRequest.validate(members.merging(["prompt": "a lighthouse"]) { given, _ in given })
    }

    @Test func `only the prompt is required`() throws {
        let request = try valid([:]).request
        #expect(request.model == .default)
        #expect(request.prompt == "a lighthouse")
        #expect([request.width, request.height, request.batchSize, request.steps] == [nil, nil, nil, nil])
        #expect(request.imageURLs.isEmpty)
    }

    @Test(arguments: [
        ([:] as [String: JSONValue], "prompt is required."),
        (["prompt": .null], "prompt is required."),
        (["prompt": ""], "prompt must not be empty."),
        (["prompt": " \n\t"], "prompt must not be empty."),
        (["prompt": 7], "prompt must be text."),
        (["prompt": "\u{200B}\u{FEFF}"], "prompt must contain something visible; all its characters are invisible."),
        (["prompt": "\u{3164} \u{2800}\u{AD}"], "prompt must contain something visible; all its characters are invisible."),
        (
            ["prompt": "a\0b"], "prompt must not contain control characters other than tabs and line ends; it has U+0000."
        ),
        (
            ["prompt": "\u{1B}[31m"], "prompt must not contain control characters other than tabs and line ends; it has U+001B."
        ),
        (["prompt": .string(String(repeating: "😀", count: 5001))], "prompt must have at most 10000 characters; it has 10002."),
        (
            ["prompt": .string("a" + String(repeating: "\u{301}", count: 400_000))],
            "prompt must have at most 10000 characters; it has 400001."
        ),
        (["prompt": .string(String(repeating: "x", count: 10_001))], "prompt must have at most 10000 characters; it has 10001."),
    ])
    func `a request without a usable prompt is refused`(members: [String: JSONValue], sentence: String) {
        let invalid = #expect(throws: InvalidRequest.self) { try GenerationRequest.validate(members) }
        #expect(invalid?.problems.map(\.member) == ["prompt"])
        #expect(invalid?.problems.map(\.sentence) == [sentence])
    }

    @Test(arguments: ["a\tb\nc\r\nd", "שלום \u{200F}", "👨‍👩‍👧‍👦", "\u{200B}a", "क्षि"])
    func `a prompt in any script is taken as it is`(prompt: String) throws {
        #expect(try valid(["prompt": .string(prompt)]).request.prompt.hasSameBytes(as: prompt))
    }

    @Test func `a prompt's length is counted as Krea counts at its strictest`() throws {
        var rule = FieldRule(name: "prompt", minimum: 3, maximum: 1800, isRequired: true)
        func fault(_ prompt: String) -> RequestFault? {
            var reader = RequestReader(["prompt": .string(prompt)])
            return reader.prompt(rule) == nil ? reader.problems.first?.fault : nil
        }
        #expect(fault(String(repeating: "👨‍👩‍👧‍👦", count: 163)) == nil)
        // 164 characters to the eye, 1148 code points, 1804 UTF-16 code units.
        #expect(fault(String(repeating: "👨‍👩‍👧‍👦", count: 164)) == .tooLong(1804, most: 1800))
        #expect(fault(String(repeating: "क्षि", count: 450)) == nil)
        #expect(fault(String(repeating: "क्षि", count: 451)) == .tooLong(1804, most: 1800))
        // Two code points, four code units.
        #expect(fault("😀😀") == .tooShort(2, least: 3))
        #expect(fault("😀😀😀") == nil)
        rule.minimum = nil
        #expect(fault("😀") == nil)
    }

    @Test(arguments: [
        "model", "width", "batch_size", "aspect_ratio", "image_urls", "steps", "resolution", "seed", "guidance_scale", "strength", "styles",
        "style_images", "image_style_references", "character_reference_images",
    ])
    func `no text anywhere has a control character`(member: String) {
        let sentence = "\(member) must not contain control characters other than tabs and line ends; it has U+0007."
        #expect(problems([member: "1\u{7}"]) == [.init(member: member, sentence: sentence)])
        guard member != "model" else { return }
        #expect(problems([member: [["id": "\u{7}", "strength": 1]]]) == [.init(member: member, sentence: sentence)])
    }

    @Test func `a style's ID can be seen and is no novel`() {
        for id in ["", " ", "\u{200B}", String(repeating: "x", count: 201)] {
            #expect(problems(["styles": [["id": .string(id), "strength": 1]]]).count == 1)
        }
        #expect(problems(["styles": [["id": .string(String(repeating: "x", count: 200)), "strength": 1]]]).isEmpty)
    }

    @Test func `the name of an unknown member is cut and shown in one line`() {
        #expect(problems(["a\n\u{202E}b": 1]).map(\.member) == ["a\\n\\u{202e}b"])
        #expect(problems(["a" + String(repeating: "\u{301}", count: 100_000): 1]).allSatisfy { $0.member.utf8.count <= 320 })
    }

    @Test func `addresses are normalised wherever they stand`() throws {
        #expect(try valid(["image_urls": "HTTPS://Example.org/ä"]).request.imageURLs == ["https://example.org/%C3%A4"])
        let catalogue = Catalogue.builtIn
        let members: [String: JSONValue] = [
            "prompt": "x", "model": "seedream", "style_images": [["url": "HTTPS://Example.org/ä", "strength": 0.5]],
        ]
        let request = try GenerationRequest.validate(members, by: catalogue).request
        let image: JSONValue = ["url": "https://example.org/%C3%A4", "strength": 0.5]
        #expect(request.values[.styleImages].map { $0 == [image] } ?? true)
        let sentence = "must be an address whose host is written in ASCII letters, other letters in Punycode (xn--…)."
        #expect(
            problems(["image_urls": ["https://bücher.example/"]]).map(\.sentence) == ["image_urls \"https://bücher.example/\" \(sentence)"])
        #expect(
            problems(["style_images": [["url": "https://bücher.example/", "strength": 1]]]).map(\.sentence)
                == ["style_images \"https://bücher.example/\" \(sentence)"])
    }

    @Test func `the longest prompt is taken`() throws {
        let prompt = String(repeating: "x", count: 10_000)
        #expect(try valid(["prompt": .string(prompt)]).request.prompt == prompt)
    }

    @Test(arguments: [
        ("width", 512, 2368), ("height", 512, 2368), ("batch_size", 1, 4), ("batchSize", 1, 4), ("steps", 1, 100),
    ])
    func `a number is taken at its bounds and refused beyond them`(member: String, lowest: Int, highest: Int) {
        #expect(problems([member: .number(Double(lowest))]).isEmpty)
        #expect(problems([member: .number(Double(highest))]).isEmpty)
        for value in [Double(lowest - 1), Double(highest + 1), Double(lowest) + 0.5] {
            let said = JSONValue.number(value).brief
            #expect(
                problems([member: .number(value)]) == [
                    .init(member: member, sentence: "\(member) \(said) must be a whole number from \(lowest) to \(highest).")
                ])
        }
        #expect(problems([member: "1024 px"]).first?.sentence.hasPrefix("\(member) \"1024 px\" must be a whole number") == true)
    }

    @Test(arguments: ["16:9", "1:1", "21:9", "99:1"])
    func `a ratio is taken`(ratio: String) throws {
        #expect(try valid(["aspect_ratio": .string(ratio)]).request.aspectRatio == ratio)
        #expect(try valid(["aspectRatio": .string(ratio)]).request.aspectRatio == ratio)
    }

    @Test(arguments: ["16/9", "16:", ":9", "16:9:1", "0:9", "100:1", "-1:1", "a:b", "16 : 9", "", "१:१"])
    func `what is no ratio is refused`(ratio: String) {
        #expect(
            problems(["aspect_ratio": .string(ratio)]) == [
                .init(member: "aspect_ratio", sentence: "aspect_ratio \"\(ratio)\" must be a ratio like 16:9.")
            ])
    }

    @Test(arguments: ["https://example.org/a.png", "data:image/png;base64,iVBORw0KGgo="])
    func `an image address is taken under both names`(address: String) throws {
        #expect(try valid(["image_urls": [.string(address)]]).request.imageURLs == [address])
        #expect(try valid(["imageUrls": [.string(address)]]).request.imageURLs == [address])
    }

    @Test(arguments: ["http://example.org/a.png", "file:///etc/passwd", "https://", "data:text/html,x", "https://a b/", "javascript:1"])
    func `what is no image address is refused`(address: String) {
        #expect(problems(["image_urls": [.string(address)]]).map(\.member) == ["image_urls"])
    }

    @Test func `ten images are taken, eleven are not`() {
        let ten = [JSONValue](repeating: "https://example.org/a.png", count: 10)
        #expect(problems(["image_urls": .array(ten)]).isEmpty)
        #expect(problems(["image_urls": .array(ten + ten.prefix(1))]).count == 1)
    }

    @Test func `steps go to Flux only, 28 if none are given`() throws {
        #expect(try valid(["model": "flux"]).request.steps == 28)
        #expect(try valid(["model": "flux", "steps": 35]).request.steps == 35)
        for model in Model.all where model.name != "Flux" {
            let other = try valid(["model": .string(model.name), "steps": 35])
            #expect(other.request.steps == nil)
            #expect(other.warnings.map(\.sentence) == ["steps was left out: \(model.name) does not take it, only Flux does."])
        }
    }

    @Test(arguments: [
        (["batch_size": 2] as [String: JSONValue], false), (["batch_size": 3], true), (["width": 2048], false), (["width": 2049], true),
        (["prompt": "a city in 4K, detailed"], true), (["prompt": "route 4kilo"], false),
    ])
    func `more than two pictures or 4K warn that the queue is longer`(members: [String: JSONValue], warned: Bool) throws {
        #expect(try valid(members).warnings.contains(.longerQueue) == warned)
    }

    @Test func `an unknown member is refused by its name`() {
        #expect(
            problems(["webhook": "x"]) == [
                .init(
                    member: "webhook",
                    sentence: "webhook is not a member of a request; allowed are model, prompt, width, height, batch_size, "
                        + "aspect_ratio, image_urls, steps, resolution, seed, guidance_scale, strength, styles, style_images, "
                        + "image_style_references, character_reference_images.")
            ])
    }

    @Test func `a member that is given under both names is refused`() {
        #expect(problems(["batch_size": 1, "batchSize": 2]).map(\.member) == ["batchSize"])
    }

    @Test func `null counts as not given`() throws {
        #expect(try valid(["width": .null, "batch_size": .null, "batchSize": 2]).request.batchSize == 2)
    }

    @Test func `all problems are named at once`() {
        #expect(problems(["width": 1, "height": 1, "model": "dall-e"]).map(\.member) == ["model", "width", "height"])
    }
}
