/**
 * Payloads as JSON, with Jackson 2. Start at {@link dev.bobbin.codec.jackson2.Json}; nothing else
 * is public.
 */
@NullMarked
package dev.bobbin.codec.jackson2;

import org.jspecify.annotations.NullMarked;
