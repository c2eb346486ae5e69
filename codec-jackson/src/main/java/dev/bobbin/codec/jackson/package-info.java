/**
 * Payloads as JSON, with Jackson 3. Start at {@link dev.bobbin.codec.jackson.Json}; nothing else is
 * public.
 */
@NullMarked
package dev.bobbin.codec.jackson;

import org.jspecify.annotations.NullMarked;
