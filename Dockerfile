# Three stages: compile, install what the product needs to run, and an image of just these two.
# The finished image runs as a plain user on a read-only root file system; it writes to /data and to /tmp alone:
#   docker run --read-only --tmpfs /tmp -v reroute-data:/data -p 1880:1880 \
#     -e REROUTE_ADMIN_TOKEN=... -e REROUTE_CREDENTIAL_SECRET=... reroute

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json settings.ts ./
COPY scripts scripts
COPY lib lib
COPY nodes nodes
COPY console console
RUN node scripts/build.mjs --force

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image is Node 24 already: the copy of it among the dependencies serves machines with an older one.
# The compiler comes in as an optional peer of Node-RED's translations, for types alone.
RUN npm ci --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/node node_modules/.bin/node node_modules/typescript node_modules/@typescript

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=1880 \
    REROUTE_DATA_DIR=/data \
    REROUTE_FLOWS_DIR=/app/flows \
    HOME=/tmp
WORKDIR /app
RUN mkdir /data && chown node:node /data
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY bin bin
COPY flows flows
USER node
VOLUME /data
EXPOSE 1880
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/lib/cli/main.js", "start"]
