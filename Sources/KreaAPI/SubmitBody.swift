import Jobs

extension GenerationRequest {
    /// The body that creates this job at Krea, with the member names of the brief; what was not asked for is not sent.
    var kreaBody: JSONValue {
        var members: [String: JSONValue] = ["prompt": .string(prompt)]
        members["width"] = width.map { .number(Double($0)) }
        members["height"] = height.map { .number(Double($0)) }
        members["batchSize"] = batchSize.map { .number(Double($0)) }
        members["aspectRatio"] = aspectRatio.map(JSONValue.string)
        members["imageUrls"] = imageURLs.isEmpty ? nil : .array(imageURLs.map(JSONValue.string))
        members["steps"] = steps.map { .number(Double($0)) }
        return .object(members)
    }
}
