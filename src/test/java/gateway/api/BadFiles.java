package gateway.api;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import gateway.api.Specification.Field;
import gateway.api.Specification.Operation;

/** Files that a form must not have. */
final class BadFiles {
    private final ApiRig rig;
    private final Stage stage;

    BadFiles(ApiRig rig, Stage stage) {
        this.rig = rig;
        this.stage = stage;
    }

    void file(Operation operation, Field field, List<Bad> cases) {
        var texts = Stage.texts(stage.body(operation, false));
        if (!field.name().equals("file")) {
            cases.add(wrong(
                    operation,
                    field,
                    "wrong magic bytes",
                    new ApiRig.FormFile("picture.png", "#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII))));
        }
        cases.add(wrong(operation, field, "empty file", new ApiRig.FormFile("empty.png", new byte[0])));
        if (Set.of("image", "avatar", "photo", "sticker").contains(field.name())) {
            cases.add(wrong(operation, field, "fifty megapixels", new ApiRig.FormFile("huge.png", Samples.huge())));
            cases.add(wrong(
                    operation,
                    field,
                    "half a picture",
                    new ApiRig.FormFile("half.png", java.util.Arrays.copyOf(Samples.png(64, 64), 20))));
        }
        cases.add(new Bad("text as " + field.name(), field.name(), () -> {
            var all = new LinkedHashMap<>(texts);
            all.put(field.name(), "no file");
            return rig.multipart(stage.path(operation, Map.of()), all, Map.of());
        }));
        if (!field.name().equals("photo")) {
            cases.add(new Bad(
                    "no " + field.name(),
                    field.name(),
                    () -> rig.multipart(
                            stage.path(operation, Map.of()),
                            texts.isEmpty() ? Map.of(field.name(), "") : texts,
                            Map.of())));
        }
        cases.add(new Bad("cut off in " + field.name(), field.name(), () -> {
            var form = ApiRig.multipart(texts, Map.of(field.name(), Samples.file(field.name())));
            return rig.post(
                    stage.path(operation, Map.of()),
                    ApiRig.multipartType(),
                    java.util.Arrays.copyOf(form, form.length - 45));
        }));
        cases.add(new Bad("two of " + field.name(), field.name(), () -> {
            var first = ApiRig.multipart(texts, Map.of(field.name(), Samples.file(field.name())));
            var second = ApiRig.multipart(Map.of(), Map.of(field.name(), Samples.file(field.name())));
            var both = new java.io.ByteArrayOutputStream();
            both.write(first, 0, new String(first, StandardCharsets.ISO_8859_1).lastIndexOf("------form"));
            both.writeBytes(second);
            return rig.post(stage.path(operation, Map.of()), ApiRig.multipartType(), both.toByteArray());
        }));
    }

    private Bad wrong(Operation operation, Field field, String what, ApiRig.FormFile file) {
        return new Bad(
                what,
                field.name(),
                () -> rig.multipart(
                        stage.path(operation, Map.of()),
                        Stage.texts(stage.body(operation, false)),
                        Map.of(field.name(), file)));
    }
}
